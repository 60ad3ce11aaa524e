# One image, three processes: web, worker, beat (see docker-compose.yml).
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PATH=/app/.venv/bin:$PATH \
    SAMSAM_HOST=0.0.0.0 SAMSAM_VAR=/tmp/samsam SAMSAM_STATIC=/app/staticfiles
WORKDIR /app

RUN useradd --system --uid 10001 --no-create-home samsam \
    && mkdir staticfiles \
    && chown samsam staticfiles

COPY requirements/run.txt requirements/
RUN python -m venv .venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --requirement requirements/run.txt

COPY . .
USER 10001
RUN DEBUG=0 SECRET_KEY=only-while-building-this-image-then-never-seen-again-0 SITE_URL=http://localhost \
    ALLOWED_HOSTS=localhost DATABASE_URL=postgresql://none/none REDIS_URL=redis://none EMAIL_URL=smtp://none \
    python manage.py collectstatic --no-input --verbosity 0

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-m", "samsam", "probe"]
CMD ["python", "-m", "samsam", "web"]

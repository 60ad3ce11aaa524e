"""``python -m bench.faults``: kills and races. One JSON object a line; exit code 1 if anything went wrong."""

from bench.figure import is_taste, tell
from bench.place import answers, folder, free_port, production, running, wait_for


def main() -> int:
    with folder() as here:
        port, mails = free_port(), here / "mails"
        mails.touch()
        with (
            running(["bench.smtp_sink", str(port), str(mails)], here / "sink.log"),
            production(mail_port=port, careful=True, SAMSAM_SWEEP_SECONDS="3" if is_taste() else "1") as servers,
        ):
            wait_for("the mail server", lambda: answers(port))
            from bench.kills import kills, twins  # noqa: PLC0415 (needs the settings)
            from bench.races import careless_races, races  # noqa: PLC0415 (the same)

            more = [] if is_taste() else [lambda: twins(mails, port), careless_races]
            return tell([races, lambda: kills(servers, mails, port), *more])


if __name__ == "__main__":
    raise SystemExit(main())

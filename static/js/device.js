// What this device keeps: typed text in its own tab; appointments and push messages after a yes. Gone at logout.
const { who } = document.body.dataset; // whose page this is, "-" for nobody's; nothing on the page without internet
const worker = navigator.serviceWorker, box = document.querySelector("[data-push]"), KEPT = "/mijn-afspraken/";
const find = (it) => document.querySelector(it), on = document.addEventListener.bind(document);

async function forget() {
  sessionStorage.clear();
  localStorage.clear();
  self.caches?.delete("mine");
  (await (await worker?.getRegistration())?.pushManager?.getSubscription())?.unsubscribe();
}

// Typed text, but no codes.
const TYPED = "textarea, [type=text]:not([inputmode], [autocapitalize])";
const typed = (name = "") => `${location.pathname}#${name}`;
const drop = (start) => Object.keys(sessionStorage).forEach((it) => it.startsWith(start) && sessionStorage.removeItem(it));

function restore() {
  const [page] = performance.getEntriesByType("navigation"), { sent } = sessionStorage;
  if (sent && page.type !== "back_forward" && !(page.responseStatus >= 400)) drop(sent);
  sessionStorage.removeItem("sent");
  document.querySelectorAll(TYPED).forEach((field) => {
    const text = sessionStorage[typed(field.name)];
    if (!text || field.value !== field.defaultValue || text === field.value) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.after(find("#typed-note").content.cloneNode(true));
  });
}

on("input", ({ target }) => {
  if (who > "-" && target.name && target.matches(TYPED)) sessionStorage[typed(target.name)] = target.value;
});
on("submit", (event) => {
  if (event.target.method === "post" && !event.defaultPrevented) sessionStorage.sent = typed();
});
on("htmx:afterRequest", ({ detail, target }) => {
  if (detail.successful && target.matches("form")) drop(typed());
});

async function keep() {
  const answer = await fetch(KEPT), mine = await caches.open("mine");
  localStorage.kept = Date.now();
  await (answer.ok && !answer.redirected ? mine.put(KEPT, answer) : caches.delete("mine"));
}

// The page without internet looks, speaks and says whom to call as this one does.
async function dress() {
  const look = [document.documentElement.cloneNode().outerHTML, find(".foot__tel"), find("[rel=stylesheet]").href].join();
  if (localStorage.look === look) return;
  await (await caches.open("looks")).add("/zonder-internet/");
  localStorage.look = look;
}

async function appointments(check) {
  const yes = await caches.has("mine");
  if (yes && !(Date.now() - localStorage.kept < 6e5)) keep();
  if (!check) return;
  check.closest("[hidden]").hidden = false;
  check.checked = yes;
  check.onchange = () => (check.checked ? keep() : caches.delete("mine"));
}

// Our own words first, the browser's question after a tap, and never again after a no.
function offer() {
  const can = worker && self.PushManager && self.Notification, always = "always" in box.dataset;
  const state = can ? Notification.permission : navigator.standalone === false ? "iphone" : "";
  const show = (part) => {
    box.hidden = false;
    box.querySelectorAll("[data-if]").forEach((it) => { it.hidden = !it.dataset.if.includes(part); });
  };
  if (!state || (!always && (state === "denied" || localStorage.later))) return;
  show(state);
  const later = box.querySelector("[data-later]");
  if (later) later.onclick = () => { localStorage.later = box.hidden = true; };
  box.querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    const answer = await Notification.requestPermission();
    show(answer === "granted" ? await subscribe(event.target).catch(() => "failed") : answer);
  };
}

async function subscribe(form) {
  const { pushManager } = await worker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: box.dataset.push });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": form.csrfmiddlewaretoken.value };
  const answer = await fetch(form.action, { method: "POST", headers, body: JSON.stringify(subscription) });
  return answer.ok ? "ready" : "failed";
}

async function withoutInternet(place) {
  const kept = await caches.match(KEPT), { sent } = sessionStorage;
  if (kept) place.innerHTML = await kept.text();
  if (!sent) return;
  find("[data-typed]").hidden = false;
  find("[data-again]").href = sent.split("#")[0];
  find("[data-again]").onclick = () => sessionStorage.removeItem("sent"); // not sent, so not to be dropped
}

worker?.register("/sw.js").catch(() => {});
if (who && localStorage.who && localStorage.who !== who) forget();
if (who && worker) dress().catch(() => {});
if (who > "-") {
  localStorage.who = who;
  restore();
  if (worker) appointments(find("[data-keep]"));
  if (box) offer();
} else if (find("[data-kept]")) withoutInternet(find("[data-kept]"));

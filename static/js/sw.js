// Without internet: the page that says so. Push: shown, and opened when pressed. No private page is ever kept here.
"use strict";
const on = (name, work) => addEventListener(name, (event) => event.waitUntil(work(event)));

on("install", async () => {
  await (await caches.open(SAMSAM.name)).addAll(SAMSAM.shell);
  skipWaiting();
});

// The pages see to "mine", what somebody chose to keep on this device, and to "looks", the page without internet.
on("activate", async () => {
  const old = (await caches.keys()).filter((name) => ![SAMSAM.name, "mine", "looks"].includes(name));
  await Promise.all(old.map((name) => caches.delete(name)));
});

// The network first, always: a new version and an old one can stand side by side.
addEventListener("fetch", (event) => {
  const page = event.request.mode === "navigate";
  if (!page && !SAMSAM.shell.includes(new URL(event.request.url).pathname)) return;
  event.respondWith(
    fetch(event.request).catch(() => caches.match(page ? SAMSAM.offline : event.request, { ignoreVary: true }))
  );
});

on("push", ({ data }) => {
  const said = data ? data.json() : { title: "SamSam", url: "/" };
  return registration.showNotification(said.title, {
    data: said.url, tag: said.tag, renotify: !!said.tag, lang: said.lang, icon: SAMSAM.icon, badge: SAMSAM.badge,
  });
});

on("notificationclick", async ({ notification }) => {
  const url = new URL(notification.data, location.origin).href;
  notification.close();
  const there = (await clients.matchAll({ type: "window" })).find((client) => client.url === url);
  return there ? (await there.focus()).navigate(url) : clients.openWindow(url);
});

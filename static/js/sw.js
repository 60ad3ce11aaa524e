// Without internet: the page that says so. Push: shown, and opened when pressed. No private page is ever kept here.
"use strict";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SAMSAM.name).then((shell) => shell.addAll(SAMSAM.shell)).then(() => self.skipWaiting()));
});

// "mine" holds what somebody chose to keep on this device; the pages see to it.
self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== SAMSAM.name && name !== "mine");
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim())
  );
});

// The network first, always: a new version and an old one can stand side by side.
self.addEventListener("fetch", (event) => {
  const page = event.request.mode === "navigate";
  if (!page && !SAMSAM.shell.includes(new URL(event.request.url).pathname)) return;
  event.respondWith(
    fetch(event.request).catch(() => caches.match(page ? SAMSAM.offline : event.request, { ignoreVary: true }))
  );
});

self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : { title: "SamSam", url: "/" };
  event.waitUntil(
    self.registration.showNotification(said.title, {
      data: said.url, tag: said.tag, renotify: !!said.tag, lang: said.lang, icon: SAMSAM.icon, badge: SAMSAM.badge,
    })
  );
});

self.addEventListener("notificationclick", (event) => {
  const url = new URL(event.notification.data, location.origin).href;
  event.notification.close();
  event.waitUntil(
    clients.matchAll({ type: "window" }).then((open) => {
      const there = open.find((client) => client.url === url);
      return there ? there.focus().then((client) => client.navigate(url)) : clients.openWindow(url);
    })
  );
});

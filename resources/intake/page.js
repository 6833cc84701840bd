// Makes the officers' pages quicker to use; every one of them works without it.
"use strict";
(() => {
  const one = (chosen) => document.querySelector(chosen);
  const all = (chosen) => [...document.querySelectorAll(chosen)];
  document.documentElement.classList.add("scripted");

  // --- the list: move with j and k, tick many -------------------------------------------------------------
  const rows = all("#list tbody tr");
  let at = -1;
  const toRow = (step) => {
    if (!rows.length) return;
    rows[at]?.classList.remove("here");
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows[at].classList.add("here");
    rows[at].querySelector("a").focus();
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const tickAll = one("#tick-all");
  if (tickAll) {
    tickAll.hidden = false;
    tickAll.querySelector("input").addEventListener("change", (event) => {
      for (const box of all("#list input[name=item]")) box.checked = event.target.checked;
    });
  }

  // --- photos beside the answers --------------------------------------------------------------------------
  const photos = all("a.photo");
  const stage = one("#stage");
  let photo = 0, turn = 0, zoom = 1;
  const draw = () => {
    const image = stage.querySelector("img");
    const isTurned = turn % 180 !== 0;
    image.classList.toggle("big-photo", zoom > 1 || isTurned);
    const fit = () => {
      const width = image.naturalWidth || 1, height = image.naturalHeight || 1;
      const [across, down] = isTurned ? [height, width] : [width, height];
      const scale = Math.min((stage.clientWidth - 16) / across, (stage.clientHeight - 16) / down) * zoom;
      image.style.width = `${width * scale}px`;
      image.style.height = `${height * scale}px`;
      image.style.margin = isTurned ? `${((width - height) * scale) / 2}px ${((height - width) * scale) / 2}px` : "0";
      image.style.transform = `rotate(${turn}deg)`;
      const isLarger = across * scale > stage.clientWidth || down * scale > stage.clientHeight;
      stage.style.placeItems = isLarger ? "start" : "center";
    };
    if (image.complete) fit(); else image.addEventListener("load", fit, { once: true });
  };
  const show = (number) => {
    photo = (number + photos.length) % photos.length;
    turn = 0;
    zoom = 1;
    const link = photos[photo];
    const image = document.createElement("img");
    image.src = link.dataset.file;
    image.alt = link.querySelector("img").alt;
    stage.replaceChildren(image);
    const name = one("#photo-name");
    name.textContent = `${photo + 1} ${name.dataset.of} ${photos.length}: ${link.dataset.name}`;
    photos.forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    draw();
  };
  const turnPhoto = () => { turn = (turn + 90) % 360; draw(); };
  const zoomPhoto = (by) => { zoom = Math.max(1, Math.min(6, zoom * by)); draw(); };
  if (stage && photos.length) {
    one("#viewer").hidden = false;
    photos.forEach((link, number) => link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(number);
    }));
    one("#photo-before").addEventListener("click", () => show(photo - 1));
    one("#photo-after").addEventListener("click", () => show(photo + 1));
    one("#photo-in").addEventListener("click", () => zoomPhoto(1.5));
    one("#photo-out").addEventListener("click", () => zoomPhoto(1 / 1.5));
    one("#photo-turn").addEventListener("click", turnPhoto);
    show(0);
  }

  // --- the forms of a dossier -----------------------------------------------------------------------------
  const ticked = one("#ticked");
  if (ticked) {
    const none = ticked.textContent.trim().match(/^\d+$/) ? "0" : ticked.textContent;
    const boxes = all("input[form=supplement]");
    const count = () => { ticked.textContent = boxes.filter((box) => box.checked).length || none; };
    boxes.forEach((box) => box.addEventListener("change", count));
    count();
  }
  const template = one("#template");
  template?.addEventListener("change", () => {
    const note = one("#note-supplement");
    if (!template.value) return;
    const text = template.selectedOptions[0].textContent;
    note.value = note.value.trim() ? `${note.value.trim()}\n${text}` : text;
    template.value = "";
    isTyped = true;
    note.focus();
  });
  let isTyped = Boolean(one("[data-typed]"));
  one("#deeds")?.addEventListener("input", () => { isTyped = true; });
  document.addEventListener("submit", (event) => {
    const sure = event.target.dataset.sure;
    if (sure && !window.confirm(sure)) { event.preventDefault(); return; }
    isTyped = false;
    // A second press of the same button must not ask twice.
    setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", () => all("button:disabled").forEach((button) => { button.disabled = false; }));
  window.addEventListener("beforeunload", (event) => { if (isTyped) event.preventDefault(); });
  const told = one("#mend, #conflict");
  if (told) { told.tabIndex = -1; told.focus(); }
  const printNow = one("#print-now");
  if (printNow) { printNow.hidden = false; printNow.addEventListener("click", () => window.print()); }

  // --- keys -------------------------------------------------------------------------------------------------
  const help = one("#keys");
  const isOn = one("#keys-on");
  if (!help) return;
  const remembered = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  isOn.checked = remembered();
  isOn.addEventListener("change", () => { try { localStorage.setItem("keys", isOn.checked ? "on" : "off"); } catch { /* no memory: on again next time */ } });
  one("#help-link").addEventListener("click", (event) => { event.preventDefault(); help.showModal(); });
  const go = (chosen) => { one(chosen)?.scrollIntoView({ block: "center" }); one(chosen)?.focus(); };
  const keys = {
    "?": () => help.showModal(),
    "/": () => one("#q").focus(),
    u: () => { location.href = "/officer/queue"; },
    j: () => toRow(1),
    k: () => toRow(-1),
    o: () => rows[at]?.querySelector("a").click(),
    x: () => rows[at]?.querySelector("input")?.click(),
    n: () => photos.length && show(photo + 1),
    p: () => photos.length && show(photo - 1),
    r: () => photos.length && turnPhoto(),
    "+": () => photos.length && zoomPhoto(1.5),
    "=": () => photos.length && zoomPhoto(1.5),
    "-": () => photos.length && zoomPhoto(1 / 1.5),
    a: () => go("#primary"),
    s: () => go("#note-supplement"),
    i: () => one("#to-print")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    const isWriting = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
    if (!isOn.checked || isWriting || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const does = keys[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  });
})();

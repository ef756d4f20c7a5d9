// Puts the box to ask in after the script that names this file, on another site's page.
// data-height and data-lang on that script say how high, and in which language.
"use strict";
{
  const script = document.currentScript;
  const frame = document.createElement("iframe");
  const lang = /^[a-z-]+$/.test(script.dataset.lang || "") ? script.dataset.lang + "/" : "";
  frame.src = new URL(lang + "embed", script.src).href;
  frame.title = script.dataset.title || "Footnote";
  frame.width = "100%";
  frame.height = script.dataset.height || "480";
  frame.loading = "lazy";
  frame.referrerPolicy = "origin";
  script.after(frame);
}

/* Runs before anything is painted: whoever chose neither light nor dark gets what the machine says. */
(function () {
  "use strict";
  var root = document.documentElement, dark = window.matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    root.setAttribute("data-bs-theme", root.getAttribute("data-theme") || (dark.matches ? "dark" : "light"));
    root.dispatchEvent(new Event("painted"));
  }
  dark.addEventListener("change", paint);
  new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  paint();
})();

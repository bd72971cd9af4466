/* Keyboard, theme, menu, sorting, charts. Every page works without it; nothing here is newer than Chromium 90. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  /* theme: kept on the server, painted at once, so that a form being filled in keeps what was typed */
  all("[data-theme-form]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var chosen = event.submitter, filled = new FormData(form);
      event.preventDefault();
      filled.append("theme", chosen.value);
      fetch(form.action, { method: "POST", body: filled, credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { return; }
        root.setAttribute("data-theme", chosen.value);
        all("button", form).forEach(function (button) { button.removeAttribute("aria-current"); });
        chosen.setAttribute("aria-current", "true");
      });
    });
  });

  function toggle(what, button) {
    if (what === "side") {
      var open = document.getElementById("side").classList.toggle("is-open");
      button.setAttribute("aria-expanded", String(open));
    } else if (what === "keys") {
      toggleKeys();
    } else if (what === "print") {
      window.print();
    } else if (what === "copy") {
      copy(document.getElementById(button.getAttribute("data-of")));
    }
  }

  /* without https a browser copies nothing by itself: then the text is left selected, for Ctrl+C */
  function copy(text) {
    window.getSelection().selectAllChildren(text);
    text.focus();
    if (navigator.clipboard) { navigator.clipboard.writeText(text.textContent.trim()).catch(function () {}); }
    all("[data-copied]").forEach(function (said) { said.hidden = false; });
  }

  function toggleKeys() {
    var dialog = document.getElementById("keys");
    if (dialog.open) { dialog.close(); } else { dialog.showModal(); }
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-toggle]");
    if (button) { toggle(button.getAttribute("data-toggle"), button); }
    all("details.who[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  /* what an address leads to opens where it is folded away: newer browsers do so by themselves */
  function unfold() {
    var at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var folded = at && at.closest("details");
    while (folded) {
      folded.open = true;
      folded = folded.parentElement.closest("details");
    }
    if (at && at.tagName === "UL") { at.scrollIntoView({ block: "center" }); }
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  /* a select that files its form at once, for those who have a mouse; the button stays for the others */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit]")) { event.target.form.submit(); }
  });

  /* a standard phrase goes where the cursor stands; Alt+P in the text moves to its list, Enter or a click takes one */
  function insertPhrase(list) {
    var text = document.getElementById(list.getAttribute("data-phrase"));
    if (!text || !list.value) { return; }
    text.setRangeText(list.value, text.selectionStart, text.selectionEnd, "end");
    list.value = "";
    text.focus();
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-phrase]") && !event.target.hasAttribute("data-keys")) { insertPhrase(event.target); }
  });
  document.addEventListener("keydown", function (event) {
    var at = event.target;
    if (at.matches("[data-phrase]")) {
      at.setAttribute("data-keys", "");
      if (event.key === "Enter") { event.preventDefault(); insertPhrase(at); }
    } else if (event.altKey && event.code === "KeyP" && at.matches("textarea")) {
      var list = document.getElementById(at.id + "-phrase");
      if (list) { event.preventDefault(); list.focus(); }
    }
  });
  document.addEventListener("pointerdown", function (event) {
    if (event.target.matches("[data-phrase]")) { event.target.removeAttribute("data-keys"); }
  });

  /* pressed once is enough: the buttons rest until the answer comes, or the page is shown again */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-download") || event.defaultPrevented) { return; }
    window.setTimeout(function () {
      all("button", form).forEach(function (button) { button.disabled = true; button.setAttribute("data-rest", ""); });
    }, 0);
  });
  window.addEventListener("pageshow", function () {
    all("[data-rest]").forEach(function (button) { button.disabled = false; button.removeAttribute("data-rest"); });
  });

  /* on a phone the verbs that are shut wait behind their heading */
  if (window.innerWidth < 992) {
    all("details[data-fold]").forEach(function (part) { part.open = false; });
  }

  /* j k over the rows of a list: the focus moves to the row's own link, so Enter opens it */
  function move(step) {
    var rows = all("[data-row]").filter(function (row) { return row.offsetParent !== null; });
    if (!rows.length) { return; }
    var at = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (at < 0) { next = rows[step > 0 ? 0 : rows.length - 1]; }
    var target = next.matches("a, button") ? next : next.querySelector("a[href]") || next.querySelector("button");
    if (target) { target.focus(); next.scrollIntoView({ block: "nearest" }); }
  }

  /* ticks of a list: one, a range, the whole page; the bar under the list says how many */
  var lastTick = null;

  function boxes() {
    return all("[data-ticks] [data-tick]").filter(function (box) { return box.offsetParent !== null; });
  }

  function recount() {
    all("[data-ticks]").forEach(function (form) {
      var every = all("[data-tick]", form), on = every.filter(function (box) { return box.checked; }).length;
      all("[data-ticked]", form).forEach(function (line) {
        line.textContent = on ? line.getAttribute("data-words").replace("{n}", on) : "";
      });
      all("[data-tick-all]", form).forEach(function (box) {
        box.checked = on > 0 && on === every.length;
        box.indeterminate = on > 0 && on < every.length;
      });
      all("[data-needs-tick]", form).forEach(function (button) { button.disabled = !on; });
    });
  }

  function tick(box, range) {
    var every = boxes(), from = every.indexOf(lastTick), to = every.indexOf(box);
    if (range && from >= 0) {
      every.slice(Math.min(from, to), Math.max(from, to) + 1).forEach(function (one) { one.checked = lastTick.checked; });
    } else {
      lastTick = box;
    }
    recount();
  }

  function tickRow(range) {
    var row = document.activeElement.closest("[data-row]"), box = row && row.querySelector("[data-tick]");
    if (!box) { return; }
    if (!range) { box.checked = !box.checked; }
    tick(box, range);
  }

  function tickAll() {
    var every = boxes(), on = every.some(function (box) { return !box.checked; });
    every.forEach(function (box) { box.checked = on; });
    recount();
  }

  document.addEventListener("click", function (event) {
    if (event.target.matches("[data-tick]")) { tick(event.target, event.shiftKey); }
    if (event.target.matches("[data-tick-all]")) { tickAll(); }
  });
  window.addEventListener("pageshow", recount);

  /* verbs of a case: e opens the first form, n the next one, with the cursor in its first field */
  function openVerb(step) {
    var verbs = all("details.verb");
    if (!verbs.length) { return; }
    var at = verbs.findIndex(function (verb) { return verb.open; });
    var next = verbs[step ? (at + 1) % verbs.length : 0];
    verbs.forEach(function (verb) { verb.open = verb === next; });
    var first = next.querySelector("form input:not([type=hidden]), form select, form textarea, form button");
    if (first) { first.focus(); next.scrollIntoView({ block: "nearest" }); }
  }

  /* v and Shift+V go through the views of a list */
  function openView(step) {
    var views = all("[data-view]"), at = views.findIndex(function (view) { return view.hasAttribute("aria-current"); });
    var next = views[(Math.max(at, step > 0 ? -1 : 0) + step + views.length) % views.length];
    if (next) { next.click(); }
  }

  /* the keys stand in the table behind ?; what each does stands here */
  var does = {
    search: function () {
      var search = document.getElementById("q");
      if (search) { search.focus(); search.select(); }
    },
    keys: toggleKeys,
    next: function () { move(1); },
    previous: function () { move(-1); },
    tick: function () { tickRow(false); },
    range: function () { tickRow(true); },
    all: tickAll,
    bulk: function () { var button = document.querySelector("[data-needs-tick]:not(:disabled)"); if (button) { button.click(); } },
    view: function () { openView(1); },
    "view-before": function () { openView(-1); },
    undo: function () { var button = document.querySelector("[data-undo]"); if (button) { button.focus(); } },
    verb: function () { openVerb(0); },
    "next-verb": function () { openVerb(1); },
    go: function (key) { window.location.assign(key.getAttribute("data-url")); }
  };
  var keyOf = {}, before = "", forget = 0;
  all("#keys [data-does]").forEach(function (key) { keyOf[key.getAttribute("data-keys").replace("Shift+", "")] = key; });

  function isPrefix(said) {
    return Object.keys(keyOf).some(function (keys) { return keys.indexOf(said + " ") === 0; });
  }

  document.addEventListener("keydown", function (event) {
    var at = event.target;
    if (event.key === "Escape") {
      all("details.who[open]").forEach(function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
      if (at.id === "q") { at.blur(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (at.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) { return; }
    var said = before ? before + " " + event.key : event.key, key = keyOf[said] || keyOf[event.key];
    before = "";
    if (key) {
      event.preventDefault();
      does[key.getAttribute("data-does")](key);
    } else if (isPrefix(said)) {
      before = said;
      window.clearTimeout(forget);
      forget = window.setTimeout(function () { before = ""; }, 1500);
    }
  });

  /* a form that looks something up while it is filled in: posted, so that no address holds what was typed */
  all("form[data-lookup]").forEach(function (form) {
    var names = form.getAttribute("data-lookup-names").split(" "), asked = 0;
    var into = document.getElementById(form.getAttribute("data-lookup-into"));
    var out = document.getElementById(form.getAttribute("data-lookup-out"));
    form.addEventListener("change", function (event) {
      if (names.indexOf(event.target.name) < 0) { return; }
      var mine = ++asked;
      into.textContent = "";
      fetch(form.getAttribute("data-lookup"), { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" })
        .then(function (answer) {
          /* a redirect leads to the sign-in page, a 403 says that somebody has signed in again */
          out.hidden = answer.type !== "opaqueredirect";
          return answer.ok ? answer.text() : "";
        })
        .then(function (html) { if (mine === asked) { into.innerHTML = html; } });
    });
  });

  /* sorting of whole tables by their header */
  function cellValue(row, index) {
    var cell = row.cells[index];
    return cell ? (cell.getAttribute("data-value") || cell.textContent.trim()) : "";
  }

  function compare(a, b) {
    var x = parseFloat(a), y = parseFloat(b);
    if (a === "" || b === "") { return a === b ? 0 : (a === "" ? 1 : -1); }
    return isNaN(x) || isNaN(y) ? a.localeCompare(b, "zh-Hans") : x - y;
  }

  function sortBy(head, index) {
    var body = head.closest("table").tBodies[0];
    var down = head.getAttribute("aria-sort") === "ascending";
    all("th[aria-sort]", head.parentNode).forEach(function (th) { th.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    Array.prototype.slice.call(body.rows).sort(function (a, b) {
      var order = compare(cellValue(a, index), cellValue(b, index));
      return down ? -order : order;
    }).forEach(function (row) { body.appendChild(row); });
  }

  all("table[data-sort]").forEach(function (table) {
    all("thead tr:last-child th", table).forEach(function (head, index) {
      if (!head.textContent.trim() || head.hasAttribute("data-nosort")) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () { sortBy(head, index); });
    });
  });

  /* charts: <div class="chart" data-chart="id"> beside <script type="application/json" id="id"> */
  var drawn = [];

  function drawCharts() {
    if (typeof echarts === "undefined") { return; }
    drawn.forEach(function (chart) { chart.dispose(); });
    drawn = all("[data-chart]").map(function (box) {
      var option = JSON.parse(document.getElementById(box.getAttribute("data-chart")).textContent);
      /* HTML tooltips carry style attributes, which the content security policy refuses */
      option.tooltip = Object.assign({}, option.tooltip, { renderMode: "richText", confine: true });
      option.animation = false;
      if (!option.backgroundColor) { option.backgroundColor = "transparent"; }
      var chart = echarts.init(box, root.getAttribute("data-bs-theme") === "dark" ? "dark" : null, { renderer: "canvas" });
      chart.setOption(option);
      chart.on("click", function (part) {
        if (part.data && part.data.url) { window.location.assign(part.data.url); }
      });
      return chart;
    });
  }

  root.addEventListener("painted", drawCharts);
  function resized() {
    drawn.forEach(function (chart) { chart.resize(); });
  }
  window.addEventListener("resize", resized);
  /* a chart that was drawn while its part was folded has no size yet */
  document.addEventListener("toggle", resized, true);
  drawCharts();
})();

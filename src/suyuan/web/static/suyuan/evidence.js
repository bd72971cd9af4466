/* Files on their way to a case: dropped or chosen, sent one by one, each with its own bar and its own answer.
   Without this script the form files them all at once and the page says the same. Nothing newer than Chromium 90. */
(function () {
  "use strict";

  function element(name, className, text) {
    var made = document.createElement(name);
    made.className = className;
    made.textContent = text || "";
    return made;
  }

  function size(bytes) {
    return bytes < 1048576 ? Math.ceil(bytes / 1024) + " KiB" : (bytes / 1048576).toFixed(1) + " MiB";
  }

  function Drop(form) {
    var list = form.querySelector(".drop-list");
    var zone = form.querySelector(".drop-zone");
    var inputs = Array.prototype.slice.call(form.querySelectorAll("input[type=file]"));
    var waiting = [];

    function add(files) {
      Array.prototype.forEach.call(files, function (file) {
        var row = element("li", "");
        var answer = element("span", "small-2", size(file.size));
        row.appendChild(element("span", "drop-name", file.name));
        row.appendChild(answer);
        list.appendChild(row);
        waiting.push({ file: file, row: row, answer: answer });
      });
    }

    inputs.forEach(function (input) {
      input.addEventListener("change", function () { add(input.files); input.value = ""; });
    });
    ["dragenter", "dragover"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.add("is-over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function () { zone.classList.remove("is-over"); });
    });
    zone.addEventListener("drop", function (event) { event.preventDefault(); add(event.dataTransfer.files); });

    function told(one, words, good) {
      var bar = one.row.querySelector("progress");
      if (bar) { bar.remove(); }
      one.answer.className = good ? "drop-good" : "drop-bad";
      one.answer.textContent = words;
    }

    function send(one, next) {
      var body = new FormData(form);
      var request = new XMLHttpRequest();
      var bar = element("progress", "");
      bar.max = 100;
      bar.value = 0;
      bar.setAttribute("aria-label", one.file.name);
      one.row.appendChild(bar);
      body.delete("file");
      body.append("file", one.file);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", function (event) {
        if (event.lengthComputable) { bar.value = event.loaded / event.total * 100; }
      });
      request.addEventListener("loadend", function () {
        var answer = null;
        try { answer = JSON.parse(request.responseText).files[0]; } catch (broken) { answer = null; }
        if (answer && answer.sha256) {
          told(one, form.getAttribute("data-done"), true);
        } else {
          told(one, answer ? answer.problem : form.getAttribute("data-failed"), false);
        }
        next(Boolean(answer && answer.sha256));
      });
      request.send(body);
    }

    form.addEventListener("submit", function (event) {
      if (!waiting.length) { return; }
      event.preventDefault();
      var queue = waiting, clean = true;
      waiting = [];
      (function one() {
        var next = queue.shift();
        if (next) {
          send(next, function (good) { clean = clean && good; one(); });
        } else {
          Array.prototype.forEach.call(form.querySelectorAll("button"), function (button) { button.disabled = false; });
          if (clean) { window.location.assign(form.getAttribute("data-then")); }
        }
      })();
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-drop]"), Drop);
})();

"use strict";
// Searches the index that search-index.js has loaded. It makes no request and stores nothing.
(function () {
  var MOST = 200;
  var rows = window.archtoolSearchIndex || [];
  var form = document.getElementById("search");
  var field = document.getElementById("question");
  var status = document.getElementById("status");
  var list = document.getElementById("results");

  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  }

  var titles = rows.map(function (row) { return folded(row[1]); });

  function score(number, words) {
    var found = 0;
    for (var i = 0; i < words.length; i++) {
      if (titles[number].indexOf(words[i]) >= 0) {
        found += 2;
      } else if (rows[number][3].indexOf(words[i]) < 0) {
        return 0;
      }
      found += 1;
    }
    return found;
  }

  function item(row) {
    var entry = document.createElement("li");
    var link = document.createElement("a");
    var about = document.createElement("span");
    link.href = row[0];
    link.className = "title";
    link.dir = "auto";
    link.textContent = row[1];
    about.className = "about";
    about.dir = "auto";
    about.textContent = row[2];
    entry.append(link, about);
    if (row[4]) {
      var fault = document.createElement("span");
      fault.className = "bad";
      fault.textContent = "✗ " + row[4];
      entry.append(fault);
    }
    return entry;
  }

  function show() {
    var words = folded(field.value).split(/\s+/).filter(Boolean);
    var hits = [];
    list.textContent = "";
    if (!words.length) {
      status.textContent = rows.length + (rows.length === 1 ? " document" : " documents") + " to search.";
      return;
    }
    for (var number = 0; number < rows.length; number++) {
      var points = score(number, words);
      if (points) {
        hits.push([points, number]);
      }
    }
    hits.sort(function (one, other) { return other[0] - one[0] || one[1] - other[1]; });
    hits.slice(0, MOST).forEach(function (hit) { list.append(item(rows[hit[1]])); });
    status.textContent = hits.length + (hits.length === 1 ? " document" : " documents") +
      (hits.length > MOST ? "; the first " + MOST + " are shown: add a word" : "") + ".";
  }

  field.value = new URLSearchParams(window.location.search).get("q") || "";
  form.hidden = false;
  field.addEventListener("input", show);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    show();
  });
  show();
  field.focus();
})();

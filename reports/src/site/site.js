// The two things of the site that need a script: the switch between light and dark, and the search.
"use strict";

(() => {
  const THEMES = ["auto", "light", "dark"];
  const root = document.documentElement;

  // A browser may refuse to keep anything, above all for pages from a disk.
  const kept = () => {
    try {
      const theme = localStorage.getItem("assize-theme");
      return THEMES.includes(theme) ? theme : "auto";
    } catch {
      return "auto";
    }
  };
  const keep = (theme) => {
    try {
      localStorage.setItem("assize-theme", theme);
    } catch {
      // It holds for this page, then.
    }
  };

  const show = (theme) => {
    if (theme === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
  };

  // Before the page is drawn, so that it does not flash.
  let theme = kept();
  show(theme);

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const name = () => { button.textContent = `Theme: ${theme}`; };
    name();
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      show(theme);
      keep(theme);
      name();
    });
  });

  const SHOWN = 100;

  // How well an entry fits: every word has to be in it; a name counts for more than what is said
  // of it, and the start of a word for more than its middle.
  const fit = (entry, words) => {
    let sum = 0;
    for (const word of words) {
      const at = entry.name.indexOf(word);
      if (at >= 0) {
        const starts = at === 0 || !/[a-z0-9]/.test(entry.name[at - 1]);
        sum += starts ? 4 : 3;
      } else if (entry.about.includes(word)) sum += 1;
      else return 0;
    }
    return sum + 1 / (1 + entry.name.length);
  };

  const item = ([kind, name, about, page]) => {
    const li = document.createElement("li");
    const what = document.createElement("span");
    what.className = "kind";
    what.textContent = kind;
    const link = document.createElement("a");
    link.href = page;
    link.textContent = name;
    li.append(what, " ", link);
    if (about) {
      const words = document.createElement("p");
      words.textContent = about;
      li.append(words);
    }
    return li;
  };

  // Called by search.js, which stands after the page's elements.
  window.assizeSearch = (list) => {
    const entries = list.map((entry) => ({
      entry,
      name: entry[1].toLowerCase(),
      about: `${entry[0]} ${entry[2]}`.toLowerCase(),
    }));
    const query = document.getElementById("query");
    const found = document.getElementById("found");
    const results = document.getElementById("results");

    const search = () => {
      const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
      const fitting = words.length === 0 ? [] : entries
        .map(({ entry, name, about }) => ({ entry, fit: fit({ name, about }, words) }))
        .filter((one) => one.fit > 0)
        .sort((one, other) => other.fit - one.fit);
      results.replaceChildren(...fitting.slice(0, SHOWN).map((one) => item(one.entry)));
      const more = fitting.length > SHOWN ? `, the first ${SHOWN} of which are shown` : "";
      found.textContent = words.length === 0 ? "" : `${fitting.length} found${more}`;
    };

    query.value = new URLSearchParams(location.search).get("q") ?? "";
    query.addEventListener("input", search);
    query.form.addEventListener("submit", (event) => {
      event.preventDefault();
      // So that the address can be passed on; a page from a disk may not change its own.
      try {
        history.replaceState(null, "", `?q=${encodeURIComponent(query.value)}`);
      } catch {
        // The results are there in any case.
      }
      search();
    });
    search();
    query.focus();
  };
})();

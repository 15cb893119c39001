// Draws the charts from the specifications in the page, and opens the tables for printing
// (those per agreement and unit only where the reader has opened them).
(function () {
  "use strict";
  var NARROW = 560, PRINT_WIDTH = 660, PRINT_HEIGHT = 800, PRINT_FONT = 11;
  var opened = [];

  if (window.Plotly) {
    Plotly.register({
      moduleType: "locale",
      name: "nb",
      dictionary: {},
      format: {
        days: ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
        shortDays: ["søn.", "man.", "tir.", "ons.", "tor.", "fre.", "lør."],
        months: ["januar", "februar", "mars", "april", "mai", "juni", "juli", "august",
          "september", "oktober", "november", "desember"],
        shortMonths: ["jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.",
          "okt.", "nov.", "des."],
        date: "%d.%m.%Y",
        decimal: ",",
        thousands: "\u00a0"
      }
    });
  }

  function charts() {
    return Array.prototype.slice.call(document.querySelectorAll(".chart[data-spec]"));
  }

  function names(spec, width) {
    return width < NARROW && spec.narrow ? spec.narrow : spec.layout.yaxis.ticktext;
  }

  function draw(element, isPrint) {
    var spec = JSON.parse(document.getElementById(element.dataset.spec).textContent);
    var height = Number(element.dataset.height);
    if (isPrint) {
      height = Math.min(height, PRINT_HEIGHT);
      spec.layout.font.size = PRINT_FONT;
    }
    element.style.height = height + "px";
    spec.layout.width = isPrint ? PRINT_WIDTH : element.clientWidth;
    spec.layout.height = height;
    spec.layout.yaxis.ticktext = names(spec, spec.layout.width);
    Plotly.react(element, spec.data, spec.layout, {
      locale: "nb", displayModeBar: false, typesetMath: false, showTips: false
    });
    element.dataset.drawn = "yes";
  }

  function drawAll(isPrint) {
    if (window.Plotly) {
      charts().forEach(function (element) { draw(element, isPrint); });
    }
  }

  var waiting, lastWidth = document.documentElement.clientWidth;
  window.addEventListener("resize", function () {
    var width = document.documentElement.clientWidth;
    if (width === lastWidth) { return; }
    lastWidth = width;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 150, false);
  });
  window.addEventListener("beforeprint", function () {
    opened = Array.prototype.slice.call(document.querySelectorAll("details:not([open]):not(.appendix)"));
    opened.forEach(function (element) { element.open = true; });
    drawAll(true);
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (element) { element.open = false; });
    opened = [];
    drawAll(false);
  });
  drawAll(false);
})();

// The front page's explorer: the first lesson's, drawn by the browser alone. Its 100 places and their sentences were
// computed when the site was built (crmkit.value.first_look), so that it answers at once and nothing is loaded.
"use strict";

(() => {
  const box = document.querySelector(".live");
  const steps = JSON.parse(document.getElementById("live-steps").textContent);
  const slider = document.getElementById("live-percent");
  const part = (name) => box.querySelector(name);
  const x = (percent) => 56 + 6.5 * percent;
  const y = (share) => 320 - 2.75 * share;

  function draw() {
    const percent = Number(slider.value);
    const places = steps[part("input[name=live-measure]:checked").value];
    const [share, said] = places[percent - 1];
    const curve = [[0, 0], ...places.map(([height], at) => [at + 1, height])].map(([at, height]) => `${x(at)},${y(height)}`);
    part(".curve").setAttribute("points", curve.join(" "));
    part(".part").setAttribute("d", `M${curve.slice(0, percent + 1).join(" L")} L${x(percent)},${y(0)} Z`);
    part(".marks").setAttribute("d", `M${x(0)},${y(share)} H${x(percent)} V${y(0)}`);
    part(".point").setAttribute("cx", x(percent));
    part(".point").setAttribute("cy", y(share));
    part("output").textContent = `${percent} %`;
    slider.setAttribute("aria-valuetext", `${percent} %`);
    if (part(".live-said").textContent !== said) part(".live-said").textContent = said;
  }

  part(".live-controls").hidden = false;
  box.addEventListener("input", draw);
  draw();
})();

// Follows a cart: asks the shop, which asks the gateway, and shows what has changed. Only the status is
// read out, and only when it differs.
"use strict";
(() => {
  const live = document.getElementById("live");
  const status = document.getElementById("status");
  const actions = document.getElementById("actions");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let shown = "";

  const follow = async () => {
    for (;;) {
      try {
        const answer = await fetch(live.dataset.from, { headers: { Accept: "application/json" } });
        if (!answer.ok) {
          throw new Error("the shop answers " + answer.status);
        }
        const now = await answer.json();
        if (status.textContent !== now.status) {
          status.textContent = now.status;
        }
        if (shown !== now.html) {
          shown = now.html;
          live.innerHTML = shown;
        }
        actions.hidden = !now.payable;
      } catch (problem) {
        console.warn(problem.message);
        await pause(2000);
      }
    }
  };
  follow();
})();

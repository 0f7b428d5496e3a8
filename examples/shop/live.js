// Follows a cart: asks for its page again, which comes when something has changed, and takes over what is
// another. Only the status is read out, and only when it differs.
"use strict";
(async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  for (;;) {
    try {
      const answer = await fetch(location.pathname + "?wait=1");
      if (!answer.ok) {
        throw new Error("the shop answers " + answer.status);
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["status", "actions", "live"]) {
        const shown = document.getElementById(id), now = page.getElementById(id);
        if (shown.innerHTML !== now.innerHTML) {
          shown.innerHTML = now.innerHTML;
        }
        shown.hidden = now.hidden;
      }
    } catch (problem) {
      console.warn(problem.message);
      await pause(2000);
    }
  }
})();

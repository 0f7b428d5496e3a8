"use strict";

// What was refused stands at its field, too.
for (const refused of document.querySelectorAll("[data-field]")) {
  const input = document.getElementsByName(refused.dataset.field)[0];
  if (input) {
    const fault = Object.assign(document.createElement("p"), { className: "fault", id: input.name + "-fault", textContent: refused.lastChild.textContent });
    input.closest("div").append(fault);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", fault.id);
  }
}

// Follows a cart: asks for its page again, which comes when something has changed, and takes over what is
// another. Only the status is read out, and only when it differs.
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const local = (page) => {
  for (const time of page.querySelectorAll("time")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString();
  }
};

const follow = async () => {
  local(document);
  for (;;) {
    try {
      const answer = await fetch("/cart?wait=1");
      if (!answer.ok) {
        throw new Error("the shop answers " + answer.status);
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      local(page);
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
};

if (document.getElementById("live")) {
  follow();
}

// Moves the waiting page on without a reload. The acceptance page's messages are a hint only: what counts is what the
// shop's own server reads from the API, so a forged message can do no more than make it look once.
"use strict";

const lookEveryMs = 3000;

function watch(frame) {
  const origin = new URL(frame.src).origin;
  let looking = false;
  let timer = 0;

  async function look() {
    if (looking) return;
    looking = true;
    try {
      const answer = await fetch(frame.dataset.state);
      if (answer.ok && (await answer.text()) !== frame.dataset.now) {
        window.clearInterval(timer);
        window.removeEventListener("message", hear);
        await show();
      }
    } catch {
      // The shop does not answer just now; the next look tries again.
    } finally {
      looking = false;
    }
  }

  function hear(event) {
    const message = event.data;
    if (event.origin !== origin || event.source !== frame.contentWindow || typeof message !== "object" || message === null) return;
    if (message.v !== 1 || message.nonce !== frame.dataset.nonce) return;
    // The frame keeps its height and scrolls; the page's "height" is for shops that let it grow.
    if (message.type === "accepted" || message.type === "declined") {
      look();
    }
  }

  window.addEventListener("message", hear);
  timer = window.setInterval(look, lookEveryMs);
}

// The same page as it is now, without leaving it; the focus goes to what is new.
async function show() {
  const answer = await fetch(window.location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.title = page.title;
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  document.getElementById("main").focus();
}

const frame = document.querySelector("iframe.agreement");
if (frame) watch(frame);

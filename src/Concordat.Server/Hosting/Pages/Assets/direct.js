// Tells, once and by a POST, that the page is on somebody's screen: that is how partners learn that an invitation was opened.
(function () {
  "use strict";
  var form = document.getElementById("opened");
  if (!form) { return; }
  function tell() {
    if (document.visibilityState !== "visible") { return; }
    document.removeEventListener("visibilitychange", tell);
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "error" }).catch(function () {});
  }
  document.addEventListener("visibilitychange", tell);
  tell();
})();

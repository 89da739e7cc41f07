// Answers are kept by their address, a bar shows after 300 ms, and a failure can be tried again.
const KEPT = 120;
const BUSY_AFTER_MS = 300;
const answers = new Map();

async function ask(address, read) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.status === 401 || (answer.redirected && /\/login$/.test(new URL(answer.url).pathname))) {
    location.reload();  // the session has ended: the page leads to the sign-in, and from there back
    return new Promise(() => {});
  }
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer[read]();
}

// One request an address, also when it is asked for twice at once; a failed one is forgotten.
export function get(address, read = "json") {
  const key = `${read} ${address}`;
  if (!answers.has(key)) {
    const answer = ask(address, read);
    answer.catch(() => answers.delete(key));
    answers.set(key, answer);
    if (answers.size > KEPT) answers.delete(answers.keys().next().value);
  }
  return answers.get(key);
}

export async function withBar(work, again) {
  const busy = document.getElementById("busy");
  const failed = document.getElementById("failed");
  const timer = setTimeout(() => { if (busy) busy.hidden = false; }, BUSY_AFTER_MS);
  if (failed) failed.hidden = true;
  try {
    return await work();
  } catch (error) {
    if (!failed) throw error;
    failed.hidden = false;
    document.getElementById("retry").onclick = again;
    return null;
  } finally {
    clearTimeout(timer);
    if (busy) busy.hidden = true;
  }
}

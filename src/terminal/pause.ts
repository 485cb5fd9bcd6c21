/** Waits for Enter: for what is done elsewhere meanwhile. */
import { createPrompt, isEnterKey, makeTheme, useKeypress, usePrefix, useState } from "@inquirer/core";

export const pausePrompt = createPrompt<null, { readonly message: string }>((config, done) => {
  const [isDone, setDone] = useState(false);
  const status = isDone ? "done" : "idle";
  const theme = makeTheme();
  const prefix = usePrefix({ status, theme });
  useKeypress((key, line) => {
    line.clearLine(0);
    if (isDone || !isEnterKey(key)) return;
    setDone(true);
    done(null);
  });
  return `${prefix} ${theme.style.message(config.message, status)}`;
});

/** "Copy as", the link, and files of what is seen. */

import type { ComponentChildren, VNode } from "preact";
import { useRef, useState } from "preact/hooks";

import { Button, Choice } from "./controls";
import type { Language, Snippet } from "./snippets";
import { LANGUAGES, write } from "./snippets";

export function CopyAs(properties: {
  readonly snippet: Snippet;
  /** Buttons for files. */
  readonly children: ComponentChildren;
}): VNode {
  const [language, setLanguage] = useState<Language>("Python");
  const [isOpen, setOpen] = useState(false);
  // Of the snippet nothing is seen while it is closed, and writing it takes time.
  const text = isOpen ? write(language, properties.snippet, location.origin) : "";
  return (
    <details
      class="copy"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>Copy as code, link or file</summary>
      <div class="buttons">
        <Choice
          label="Language"
          value={language}
          words={LANGUAGES.map((each) => [each, each])}
          onChange={setLanguage}
        />
        <CopyButton label="Copy code" text={() => text} />
        <CopyButton label="Copy link" text={() => location.href} />
        {properties.children}
      </div>
      <pre tabIndex={0} aria-label={`The same in ${language}`}>
        {text}
      </pre>
    </details>
  );
}

function CopyButton(properties: { readonly label: string; readonly text: () => string }): VNode {
  const [said, say] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  const copy = async (): Promise<void> => {
    say((await copied(properties.text(), box.current)) ? "Copied" : "Not allowed by the browser");
    setTimeout(() => {
      say("");
    }, 2000);
  };
  return (
    <>
      <Button onClick={() => void copy()}>{said === "" ? properties.label : said}</Button>
      <textarea class="offscreen" ref={box} tabIndex={-1} aria-hidden="true" readOnly />
      <span class="offscreen" role="status">
        {said}
      </span>
    </>
  );
}

// Over plain HTTP browsers have no clipboard but for pages of this machine, and the old way left.
async function copied(text: string, box: HTMLTextAreaElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (box === null) return false;
    box.value = text;
    box.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other way
    return document.execCommand("copy");
  }
}

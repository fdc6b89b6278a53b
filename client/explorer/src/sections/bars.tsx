/** Numbers as bars, which can be read, chosen or dragged. */

import type { VNode } from "preact";
import { useRef } from "preact/hooks";

const REACH = 5; // of bars that can be dragged
const HEIGHT = 120;

export function Bars(properties: {
  readonly title: string;
  readonly numbers: readonly number[];
  readonly label: (i: number) => string;
  readonly chosen?: number;
  readonly onChoose?: (i: number) => void;
  readonly onChange?: (i: number, value: number) => void;
}): VNode {
  const { title, numbers, label, chosen, onChoose, onChange } = properties;
  const largest = Math.max(...numbers.filter(Number.isFinite).map(Math.abs), 1e-300);
  const reach = onChange === undefined ? largest : REACH;
  return (
    <section class="bars" aria-label={title}>
      <h3>{title}</h3>
      <div class="bar-row">
        {numbers.map((number, i) => (
          <div key={i} class={`bar-place${chosen === i ? " chosen" : ""}`}>
            <Bar
              {...{ number, reach, label: label(i) }}
              isChosen={chosen === i}
              {...(onChange === undefined
                ? {}
                : {
                    onChange: (value: number) => {
                      onChange(i, value);
                    },
                  })}
              {...(onChoose === undefined
                ? {}
                : {
                    onChoose: () => {
                      onChoose(i);
                    },
                  })}
            />
          </div>
        ))}
      </div>
    </section>
  );
}

interface BarProperties {
  readonly number: number;
  readonly reach: number;
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChange?: (value: number) => void;
  readonly onChoose?: () => void;
}

function Bar(properties: BarProperties): VNode {
  const { number, reach, label, onChange, onChoose } = properties;
  const part = Math.max(-1, Math.min(1, number / reach));
  const drawing = (
    <svg viewBox={`0 0 10 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <rect
        class="bar"
        x="0"
        width="10"
        y={part > 0 ? (HEIGHT / 2) * (1 - part) : HEIGHT / 2}
        height={(HEIGHT / 2) * Math.abs(part)}
      />
      <path class="ground" d={`M0 ${HEIGHT / 2}H10`} />
    </svg>
  );
  const caption = (
    <>
      <span class="bar-number">{short(number)}</span> <span class="bar-label">{label}</span>
    </>
  );
  if (onChange !== undefined) {
    return (
      <>
        <DraggableBar {...{ number, label, onChange }}>{drawing}</DraggableBar>
        {caption}
      </>
    );
  }
  if (onChoose === undefined) {
    return (
      <div role="img" aria-label={`${label}: ${number}`}>
        {drawing}
        {caption}
      </div>
    );
  }
  return (
    <button type="button" class="bar-button" aria-pressed={properties.isChosen} onClick={onChoose}>
      {drawing}
      {caption}
    </button>
  );
}

function DraggableBar(properties: {
  readonly number: number;
  readonly label: string;
  readonly onChange: (value: number) => void;
  readonly children: VNode;
}): VNode {
  const { number, label, onChange, children } = properties;
  const isDragged = useRef(false);
  const set = (value: number): void => {
    onChange(Math.round(Math.max(-REACH, Math.min(REACH, value)) * 100) / 100);
  };
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const { top, height } = event.currentTarget.getBoundingClientRect();
    set(REACH * (1 - (2 * (event.clientY - top)) / height));
  };
  return (
    <div
      class="bar-drag"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuemin={-REACH}
      aria-valuemax={REACH}
      aria-valuenow={number}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isDragged.current = true;
        drag(event);
      }}
      onPointerMove={(event) => {
        if (isDragged.current) drag(event);
      }}
      onPointerUp={() => {
        isDragged.current = false;
      }}
      onPointerCancel={() => {
        isDragged.current = false;
      }}
      onKeyDown={(event) => {
        const step = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1, PageUp: 1 }[
          event.key
        ];
        const whole = event.key === "PageDown" ? -1 : step;
        if (whole === undefined) return;
        event.preventDefault();
        set(number + whole);
      }}
    >
      {children}
    </div>
  );
}

function short(number: number): string {
  const text = Math.abs(number) >= 1000 ? number.toExponential(2) : number.toFixed(3);
  return text.replace("-", "−");
}

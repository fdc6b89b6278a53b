/** Drag, wheel and pinch on the plot, as movements of the view. */

import type { View } from "./view";
import { pan, zoom } from "./view";

const WHEEL_ZOOM = 1.0015; // for each pixel that the wheel turns

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Listens on `area` until the function that it gives is called. */
export function watchGestures(
  area: HTMLElement,
  view: () => View,
  move: (view: View) => void,
): () => void {
  const pointers = new Map<number, Place>();
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    area.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeIn(area, event));
  };
  const moved = (event: PointerEvent): void => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = placeIn(area, event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    move(other === undefined ? dragged(view(), before, now) : pinched(view(), before, now, other));
  };
  const up = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const factor = WHEEL_ZOOM ** event.deltaY;
    const at = placeIn(area, event);
    const { x, y } = view();
    move({ x: zoom(x, factor, at.x), y: event.shiftKey ? y : zoom(y, factor, 1 - at.y) });
  };
  const listeners = new AbortController();
  const { signal } = listeners;
  area.addEventListener("pointerdown", down, { signal });
  area.addEventListener("pointermove", moved, { signal });
  area.addEventListener("pointerup", up, { signal });
  area.addEventListener("pointercancel", up, { signal });
  area.addEventListener("wheel", wheel, { signal, passive: false });
  return () => {
    listeners.abort();
  };
}

/** From 0 to 1, from the left and from the top. */
function placeIn(area: HTMLElement, event: MouseEvent): Place {
  const { left, top, width, height } = area.getBoundingClientRect();
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
}

function dragged({ x, y }: View, from: Place, to: Place): View {
  return { x: pan(x, from.x - to.x), y: pan(y, to.y - from.y) };
}

function pinched({ x, y }: View, from: Place, to: Place, other: Place): View {
  const distance = (place: Place): number => Math.hypot(place.x - other.x, place.y - other.y);
  const factor = distance(from) / Math.max(distance(to), 0.01);
  return { x: zoom(x, factor, other.x), y: zoom(y, factor, 1 - other.y) };
}

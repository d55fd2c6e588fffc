import { type PointerEvent, useRef } from 'react';
import { canMove, type Placed } from './arrange.ts';
import { pxAMinute, stepMinutes, type Target } from './grid.ts';

interface Dragged {
  placed: Placed;
  x: number;
  y: number;
  /** Undefined while it may be a click. */
  to?: Target;
  /** It was put back while the pointer still held it. */
  isOver?: boolean;
}

interface Props {
  /** What a pointer is on; undefined where nobody comes. */
  placedAt: (element: Element) => Placed | undefined;
  /** In whose column somebody points. */
  columnAt: (x: number) => string | undefined;
  onDrag: (placed: Placed, to: Target) => void;
  onDrop: (placed: Placed, to: Target) => void;
}

/** Pixels that a pointer may tremble without meaning to drag. */
const stillPx = 4;

/** Appointments are dragged with a mouse; a finger scrolls. */
export function useDragging({ placedAt, columnAt, onDrag, onDrop }: Props) {
  const held = useRef<Dragged>(undefined);

  function targetOf({ placed, y }: Dragged, event: PointerEvent): Target {
    const moved = Math.round((event.clientY - y) / pxAMinute / stepMinutes) * stepMinutes;
    const practitionerId = columnAt(event.clientX) ?? placed.appointment.practitionerId;
    return { practitionerId, from: Math.max(0, placed.from + moved) };
  }

  return {
    /** It stays where it was, whatever the pointer that still holds it does. */
    putBack() {
      if (held.current) held.current.isOver = true;
    },
    /** @returns whether what is a click to the browser was the end of a drag */
    wasDrag(): boolean {
      const isDrag = held.current?.isOver || held.current?.to !== undefined;
      held.current = undefined;
      return isDrag;
    },
    on: {
      onPointerDown(event: PointerEvent) {
        const placed = placedAt(event.target as Element);
        const isMeant = placed && canMove(placed.appointment) && event.button === 0 && event.pointerType === 'mouse';
        held.current = isMeant ? { placed, x: event.clientX, y: event.clientY } : undefined;
      },
      onPointerMove(event: PointerEvent) {
        const dragged = held.current;
        if (!dragged || dragged.isOver || event.buttons !== 1) return;
        const farPx = Math.max(Math.abs(event.clientY - dragged.y), Math.abs(event.clientX - dragged.x));
        if (!dragged.to && farPx < stillPx) return;
        if (!dragged.to) (event.target as Element).closest('[data-stop]')?.setPointerCapture(event.pointerId);
        dragged.to = targetOf(dragged, event);
        onDrag(dragged.placed, dragged.to);
      },
      onPointerUp() {
        const dragged = held.current;
        if (dragged?.to && !dragged.isOver) onDrop(dragged.placed, dragged.to);
      },
    },
  };
}

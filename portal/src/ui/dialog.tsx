import { useLingui } from '@lingui/react/macro';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface Props {
  title: ReactNode;
  children: ReactNode;
  /** Left out: it cannot be left without an answer. */
  onClose?: () => void;
  /** Hides the page behind it, of which whoever looks now may not be the reader. */
  covers?: boolean;
}

/**
 * The browser's own modal dialog: it holds the focus, gives it back, and closes by Escape. It begins at what is marked with
 * `data-first`.
 */
export function Dialog({ title, children, onClose, covers = false }: Props) {
  const { t } = useLingui();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still there: once it is gone the browser gives the focus back to nobody.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The browser would begin at the button that closes it.
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      className={`m-auto w-[min(34rem,calc(100vw-1rem))] rounded-card bg-raised p-6 text-ink shadow-raised ${covers ? 'backdrop:bg-paper' : ''}`}
    >
      <div className="grid gap-4">
        <div className="flex items-start justify-between gap-4">
          <h2 id={id}>{title}</h2>
          {onClose && (
            <button
              type="button"
              onClick={onClose}
              aria-label={t`Close`}
              className="-m-2 grid size-9 cursor-pointer place-items-center rounded-field text-xl text-quiet"
            >
              <span aria-hidden="true">×</span>
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}

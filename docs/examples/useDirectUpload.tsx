// Direct uploads for React 18 and later: a hook over upload.js, and three components that show what it does.
import { useCallback, useEffect, useRef, useState } from 'react';
import { upload, type Medium } from './upload.js';

export interface DirectUploadOptions {
  /** Address of the API, like https://media.example.com/api/v1/media */
  api: string;
  /** Token of your application, for the user who uploads */
  token: () => string | Promise<string>;
  /** A name under `uploads:` of the registry */
  mediaType: string;
  onReady?: (medium: Medium) => void;
}

export interface UploadItem {
  key: number;
  file: File;
  status: 'uploading' | 'paused' | 'processing' | 'ready' | 'failed';
  /** From 0 to 1 */
  progress: number;
  error?: string;
  medium?: Medium;
}

export interface DirectUpload {
  items: UploadItem[];
  add: (files: Iterable<File>) => void;
  pause: (key: number) => void;
  /** After a pause or a failure: goes on where it stopped */
  resume: (key: number) => void;
  cancel: (key: number) => void;
}

let keys = 0;

export function useDirectUpload(options: DirectUploadOptions): DirectUpload {
  const [items, setItems] = useState<UploadItem[]>([]);
  const controllers = useRef(new Map<number, AbortController>());
  const current = useRef(options);
  current.current = options;

  const change = useCallback((key: number, changes: Partial<UploadItem>) => {
    setItems((all) => all.map((item) => (item.key === key ? { ...item, ...changes } : item)));
  }, []);

  const start = useCallback(
    async (key: number, file: File) => {
      const controller = new AbortController();
      controllers.current.set(key, controller);
      change(key, { status: 'uploading', error: undefined });
      try {
        const medium = await upload(file, {
          ...current.current,
          signal: controller.signal,
          onProgress: (sent, total) => change(key, { progress: total === 0 ? 0 : sent / total }),
          onStatus: (status) => change(key, { status }),
        });
        change(key, { status: 'ready', progress: 1, medium });
        current.current.onReady?.(medium);
      } catch (error) {
        if (controller.signal.aborted) {
          change(key, { status: 'paused' });
        } else {
          change(key, { status: 'failed', error: error instanceof Error ? error.message : String(error) });
        }
      } finally {
        if (controllers.current.get(key) === controller) {
          controllers.current.delete(key);
        }
      }
    },
    [change],
  );

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        const key = ++keys;
        setItems((all) => [...all, { key, file, status: 'uploading', progress: 0 }]);
        void start(key, file);
      }
    },
    [start],
  );

  const pause = useCallback((key: number) => controllers.current.get(key)?.abort(), []);

  const resume = useCallback(
    (key: number) => {
      const item = items.find((one) => one.key === key);
      if (item && !controllers.current.has(key)) {
        void start(key, item.file);
      }
    },
    [items, start],
  );

  const cancel = useCallback((key: number) => {
    controllers.current.get(key)?.abort('cancel');
    setItems((all) => all.filter((item) => item.key !== key));
  }, []);

  // Whoever leaves the page pauses.
  useEffect(() => () => controllers.current.forEach((controller) => controller.abort()), []);

  return { items, add, pause, resume, cancel };
}

export function MediaUploader({
  accept,
  label = 'Choose files, or drop them here',
  ...options
}: DirectUploadOptions & { accept?: string; label?: string }) {
  const { items, add, pause, resume, cancel } = useDirectUpload(options);
  return (
    <section
      className="media-uploader"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        add(event.dataTransfer.files);
      }}
    >
      <label>
        {label}
        <input
          type="file"
          multiple
          accept={accept}
          onChange={(event) => {
            add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </label>
      <ul>
        {items.map((item) => (
          <li key={item.key}>
            {item.medium ? (
              <MediaPreview medium={item.medium} />
            ) : (
              <UploadProgress
                item={item}
                onPause={() => pause(item.key)}
                onResume={() => resume(item.key)}
                onCancel={() => cancel(item.key)}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function UploadProgress({
  item,
  onPause,
  onResume,
  onCancel,
}: {
  item: UploadItem;
  onPause: () => void;
  onResume: () => void;
  onCancel: () => void;
}) {
  return (
    <div className="upload-progress" data-status={item.status}>
      <span>{item.file.name}</span>
      <progress value={item.progress} max={1} aria-label={`Upload of ${item.file.name}`} />
      <span role="status">{item.error ?? `${item.status} ${Math.round(item.progress * 100)} %`}</span>
      {item.status === 'uploading' && <button onClick={onPause}>Pause</button>}
      {(item.status === 'paused' || item.status === 'failed') && <button onClick={onResume}>Go on</button>}
      <button onClick={onCancel}>Cancel</button>
    </div>
  );
}

export function MediaPreview({ medium }: { medium: Medium }) {
  const address = medium.thumbnailUrl ?? medium.cdnUrl;
  const name = medium.fileName ?? 'upload';
  if (!address) {
    return <span>{name} is uploaded</span>;
  }
  return medium.mimeType?.startsWith('video/') ? (
    <video src={medium.cdnUrl ?? undefined} poster={medium.thumbnailUrl ?? undefined} controls aria-label={name} />
  ) : (
    <img src={address} alt={name} />
  );
}

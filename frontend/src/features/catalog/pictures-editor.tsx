import { Button, FileButton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, call, untold } from '../../api/client';
import { picturesQuery } from '../../api/goods';
import { useIntent } from '../../api/intent';
import { useTranslation } from '../../lib/i18n';
import { Picture } from '../../ui/picture';
import { ProblemAlert } from '../../ui/problem';
import { PICTURES } from './draft';
import type { FieldProps } from './product-fields';
import './goods.css';

const KINDS = '.png,.jpg,.jpeg,.webp';
const FILE_MAX = 10 * 1024 * 1024;
const PICTURES_MAX = 8;

/** The address of a picture as the editor shows it; uploaded ones have a small form. */
const small = (name: string) => `${PICTURES}${name}${name.endsWith('.svg') ? '' : '?size=thumb'}`;

/** The pictures of a listing: uploaded, put in order, taken out. The first is the card's. */
export function PicturesEditor({ form, put, wrong }: FieldProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const names = (form.pictures ?? []).filter(Boolean);
  const set = (pictures: string[]) => put({ pictures: pictures.slice(0, PICTURES_MAX) });
  const upload = useIntent('picture', async (file: File, key: string) => {
    // Said here, because a server that refuses a large body hangs up before the browser reads why.
    if (file.size > FILE_MAX) throw new ApiProblem(untold(t('problem.too_large'), 413, 'too_large'));
    return call('post', '/pictures', {
      query: { name: file.name },
      raw: { content: file, type: file.type || 'application/octet-stream' },
      key,
    });
  });
  const move = (at: number, by: number) => {
    const next = [...names];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at + by, 0, one);
    set(next);
  };
  const fault = wrong('/pictures') ?? names.map((_, n) => wrong(`/pictures/${n}`)).find(Boolean);
  return (
    <fieldset className="pictures-editor">
      <legend>{t('listing.pictures')}</legend>
      <p className="dim small tight">{t('listing.picturesHint', { max: PICTURES_MAX })}</p>
      <ol>
        {names.map((name, n) => (
          <li key={name}>
            <Picture src={small(name)} title={name} />
            <div className="row">
              <Button
                size="compact-xs"
                variant="default"
                disabled={n === 0}
                aria-label={t('listing.pictureEarlier', { no: n + 1 })}
                onClick={() => move(n, -1)}
              >
                ←
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                disabled={n === names.length - 1}
                aria-label={t('listing.pictureLater', { no: n + 1 })}
                onClick={() => move(n, 1)}
              >
                →
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t('listing.removePicture', { no: n + 1 })}
                onClick={() => set(names.filter((other) => other !== name))}
              >
                ×
              </Button>
            </div>
          </li>
        ))}
      </ol>
      {fault ? <p className="field-error">{fault}</p> : null}
      <ProblemAlert fault={upload.error} />
      <div className="row">
        <FileButton
          accept={KINDS}
          onChange={(file) =>
            file &&
            upload.mutate(file, {
              onSuccess: (sent) => {
                set([...names.filter((name) => name !== sent.name), sent.name]);
                void client.invalidateQueries({ queryKey: picturesQuery.queryKey });
              },
            })
          }
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="xs"
              loading={upload.isPending}
              disabled={names.length >= PICTURES_MAX}
            >
              {t('listing.upload')}
            </Button>
          )}
        </FileButton>
      </div>
      <Others names={names} set={set} />
    </fieldset>
  );
}

/** Pictures uploaded before, and the market's own drawings by name. */
function Others({ names, set }: { names: string[]; set: (names: string[]) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const asked = useQuery({ ...picturesQuery, enabled: open });
  const forget = useMutation({
    mutationFn: (name: string) => call('delete', '/pictures/{name}', { path: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: picturesQuery.queryKey }),
  });
  const others = asked.data?.items.filter((item) => !names.includes(item.name)) ?? [];
  const full = names.length >= PICTURES_MAX;
  const add = () => {
    const name = typed.trim();
    if (name) set([...names.filter((other) => other !== name), name]);
    setTyped('');
  };
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('listing.otherPictures')}</summary>
      <div className="row bottom">
        <TextInput
          size="xs"
          label={t('listing.drawing')}
          placeholder="fabric-roll.svg"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" disabled={full || typed.trim() === ''} onClick={add}>
          {t('listing.attachDrawing')}
        </Button>
      </div>
      <ProblemAlert fault={forget.error ?? asked.error} />
      <ol>
        {others.map((item) => (
          <li key={item.name}>
            <Picture src={small(item.name)} title={item.file_name} />
            <div className="row">
              <Button
                size="compact-xs"
                variant="default"
                disabled={full}
                aria-label={t('listing.attach', { name: item.file_name })}
                onClick={() => set([...names, item.name])}
              >
                +
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t('listing.deletePicture', { name: item.file_name })}
                onClick={() => forget.mutate(item.name)}
              >
                ×
              </Button>
            </div>
          </li>
        ))}
      </ol>
    </details>
  );
}

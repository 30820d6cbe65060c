import { NativeSelect, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client';
import { choicesQuery } from '../../api/notices';
import type { NoticeChoice, NoticeLetters } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { Frame } from '../../ui/frame';
import { Page, Panel } from '../../ui/page';
import { ProblemAlert } from '../../ui/problem';
import { Scroll } from '../../ui/scroll';

const LETTERS: NoticeLetters[] = ['now', 'digest', 'off'];

/** What the reader wants to hear of, on the screen and by mail. Each change counts at once. */
export function ChoicesPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useQuery(choicesQuery);
  const choose = useMutation({
    mutationFn: ({ topic, app, letters }: NoticeChoice) =>
      call('put', '/notices/choices/{topic}', { path: { topic }, body: { app, letters } }),
    onMutate: (chosen) => {
      const before = client.getQueryData(choicesQuery.queryKey);
      client.setQueryData(choicesQuery.queryKey, (page) =>
        page
          ? { ...page, items: page.items.map((one) => (one.topic === chosen.topic ? chosen : one)) }
          : page,
      );
      return before;
    },
    onError: (_, __, before) => client.setQueryData(choicesQuery.queryKey, before),
    onSettled: () => client.invalidateQueries({ queryKey: choicesQuery.queryKey }),
  });
  return (
    <Page
      title={t('notices.choices')}
      lead={t('notices.choicesLead')}
      actions={<Link to="/notices">{t('notices.title')}</Link>}
    >
      <ProblemAlert fault={choose.error} />
      <Panel flush>
        <Frame asked={asked} rows={9}>
          {({ items }) => (
            <Scroll label={t('notices.choices')}>
              <table className="grid cards">
                <thead>
                  <tr>
                    <th scope="col">{t('notices.topic')}</th>
                    <th scope="col">{t('notices.app')}</th>
                    <th scope="col">{t('notices.letters')}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((choice) => (
                    <Row key={choice.topic} choice={choice} choose={choose.mutate} />
                  ))}
                </tbody>
              </table>
            </Scroll>
          )}
        </Frame>
      </Panel>
    </Page>
  );
}

function Row({ choice, choose }: { choice: NoticeChoice; choose: (choice: NoticeChoice) => void }) {
  const { t } = useTranslation();
  const topic = t(`notice.topic.${choice.topic}`);
  return (
    <tr data-testid={`choice-${choice.topic}`}>
      <td>
        <strong>{topic}</strong>
        <div className="dim small">{t(`notice.about.${choice.topic}`)}</div>
      </td>
      <td data-label={t('notices.app')}>
        {choice.locked ? (
          <span className="dim">—</span>
        ) : (
          <Switch
            checked={choice.app}
            aria-label={t('notices.appOf', { topic })}
            onChange={(event) => choose({ ...choice, app: event.currentTarget.checked })}
          />
        )}
      </td>
      <td data-label={t('notices.letters')}>
        {choice.locked ? (
          <span className="dim">{t('notices.always')}</span>
        ) : (
          <NativeSelect
            size="xs"
            value={choice.letters}
            aria-label={t('notices.lettersOf', { topic })}
            onChange={(event) => {
              const letters = LETTERS.find((one) => one === event.currentTarget.value);
              if (letters) choose({ ...choice, letters });
            }}
            data={LETTERS.map((value) => ({ value, label: t(`notices.letters.${value}`) }))}
          />
        )}
      </td>
    </tr>
  );
}

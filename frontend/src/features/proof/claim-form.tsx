import { Button, Modal, TextInput } from '@mantine/core';
import { ApiProblem, call } from '../../api/client';
import { useIntent } from '../../api/intent';
import { useKept } from '../../api/kept-state';
import type { FileRef, ProofKind, ProofView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ChooseFiles } from '../../ui/choose-files';
import { ProblemAlert, Unconfirmed, useProblemText } from '../../ui/problem';

interface Draft {
  statement: string;
  number: string;
  issuer: string;
  files: FileRef[];
}

/** A new claim of a kind, or the answer to what was asked about one. */
export function ClaimForm({
  kind,
  asked,
  onClose,
}: {
  kind: ProofKind;
  asked?: ProofView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { sayField } = useProblemText();
  const name = asked ? `proof/${asked.id}` : `proof/new/${kind}`;
  const [draft, put, forget] = useKept<Draft>(name, () => ({
    statement: asked?.statement ?? '',
    number: asked?.number ?? '',
    issuer: asked?.issuer ?? '',
    files: asked?.files ?? [],
  }));
  const send = useIntent(
    name,
    (paper: { statement: string; number: string; issuer: string; file_ids: string[] }, key: string) =>
      asked
        ? call('post', '/proofs/{proof}/answer', { path: { proof: asked.id }, body: paper, key })
        : call('post', '/proofs', { body: { kind, paper }, key }),
    {
      invalidates: [['proofs']],
      onSuccess: () => {
        forget({ statement: '', number: '', issuer: '', files: [] });
        onClose();
      },
    },
  );
  const faults = send.error instanceof ApiProblem ? send.error.fields : [];
  const wrong = (pointer: string) => {
    const found = faults.find((field) => field.pointer.startsWith(pointer));
    return found ? sayField(found) : undefined;
  };
  const { statement, number, issuer, files } = draft;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{t(`proof.kind.${kind}`)}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate({ statement, number, issuer, file_ids: files.map((file) => file.id) });
        }}
      >
        <p className="dim tight">{t(`proof.proves.${kind}`)}</p>
        {asked?.verdict ? (
          <p className="notice" role="note">
            <strong>{asked.verdict.reason ? t(`proof.reason.${asked.verdict.reason}`) : null}</strong>
            {asked.verdict.note}
          </p>
        ) : null}
        <TextInput
          label={t('proof.statement')}
          description={t('proof.statementHint')}
          required
          maxLength={300}
          value={statement}
          error={wrong('/statement')}
          onChange={(event) => put({ statement: event.currentTarget.value })}
        />
        <TextInput
          label={t('proof.number')}
          required={kind !== 'site_visit'}
          maxLength={80}
          value={number}
          error={wrong('/number')}
          onChange={(event) => put({ number: event.currentTarget.value })}
        />
        <TextInput
          label={t('proof.issuer')}
          maxLength={80}
          value={issuer}
          error={wrong('/issuer')}
          onChange={(event) => put({ issuer: event.currentTarget.value })}
        />
        <div className="stack small">
          <span className="small strong">{t('proof.evidence')}</span>
          <ChooseFiles
            name={`proof-file/${name}`}
            files={files}
            onFiles={(next) => put({ files: next })}
            send={(sent, key) => call('post', '/proof-files', { ...sent, key })}
            label={t('proof.addFile')}
          />
          {wrong('/file_ids') ? <p className="field-error">{wrong('/file_ids')}</p> : null}
        </div>
        <p className="dim tight small">{t('proof.whoSees')}</p>
        <Unconfirmed shown={send.unconfirmed} />
        <ProblemAlert fault={send.error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            data-testid="send-proof"
            loading={send.isPending}
            disabled={files.length === 0}
          >
            {t('proof.send')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

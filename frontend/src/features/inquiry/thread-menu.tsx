import { Button, Modal, NativeSelect, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client';
import { useIntent } from '../../api/intent';
import type { InquiryCloseReason, InquiryReportReason, InquiryView } from '../../api/types';
import { useTranslation } from '../../lib/i18n';
import { ProblemAlert, Unconfirmed } from '../../ui/problem';

const CLOSE = ['ordered', 'elsewhere', 'too_expensive', 'not_needed', 'no_answer', 'other'] as const;
const REPORT = ['spam', 'fraud', 'off_platform_payment', 'forbidden_goods', 'abuse', 'other'] as const;

type Dialog = 'close' | 'report' | 'block';

/** What can be done with a thread beside writing. */
export function ThreadMenu({ inquiry }: { inquiry: InquiryView }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { can } = inquiry;
  const again = () => {
    void client.invalidateQueries({ queryKey: ['inquiry', inquiry.id] });
    void client.invalidateQueries({ queryKey: ['inquiries'] });
  };
  const other = (inquiry.side === 'buyer' ? inquiry.seller : inquiry.buyer).id;
  const reopen = useIntent(
    `inquiry/${inquiry.id}/reopen`,
    (_: null, key: string) =>
      call('post', '/inquiries/{inquiry}/reopen', { path: { inquiry: inquiry.id }, key }),
    { onSuccess: again },
  );
  const unblock = useMutation({
    mutationFn: () => call('delete', '/companies/{id}/block', { path: { id: other } }),
    onSuccess: again,
  });
  const entries = [
    can.close ? { label: t('inquiry.close'), act: () => setDialog('close') } : null,
    can.reopen ? { label: t('inquiry.reopen'), act: () => reopen.mutate(null) } : null,
    can.report ? { label: t('inquiry.report'), act: () => setDialog('report') } : null,
    can.block
      ? inquiry.blocked_by_us
        ? { label: t('inquiry.unblock'), act: () => unblock.mutate() }
        : { label: t('inquiry.block'), act: () => setDialog('block') }
      : null,
  ].filter((entry) => entry !== null);
  if (entries.length === 0) return null;
  return (
    <div className="thread-menu">
      <div className="row end">
        {entries.map(({ label, act }) => (
          <Button key={label} size="compact-xs" variant="default" onClick={act}>
            {label}
          </Button>
        ))}
      </div>
      <ProblemAlert fault={reopen.error ?? unblock.error} />
      {dialog === 'close' ? (
        <CloseDialog inquiry={inquiry} onClose={() => setDialog(null)} onDone={again} />
      ) : null}
      {dialog === 'report' ? (
        <ReportDialog inquiry={inquiry} onClose={() => setDialog(null)} onDone={again} />
      ) : null}
      {dialog === 'block' ? (
        <BlockDialog company={other} onClose={() => setDialog(null)} onDone={again} />
      ) : null}
    </div>
  );
}

interface Props {
  inquiry: InquiryView;
  onClose: () => void;
  onDone: () => void;
}

function CloseDialog({ inquiry, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<InquiryCloseReason>('other');
  const send = useIntent(
    `inquiry/${inquiry.id}/close`,
    (body: { reason: InquiryCloseReason }, key: string) =>
      call('post', '/inquiries/{inquiry}/close', { path: { inquiry: inquiry.id }, body, key }),
    {
      onSuccess: () => {
        onDone();
        onClose();
      },
    },
  );
  return (
    <Ask title={t('inquiry.close')} onClose={onClose} send={send} onSubmit={() => send.mutate({ reason })}>
      <NativeSelect
        label={t('inquiry.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value as InquiryCloseReason)}
        data={CLOSE.map((value) => ({ value, label: t(`inquiry.closed.${value}`) }))}
      />
    </Ask>
  );
}

function ReportDialog({ inquiry, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<InquiryReportReason>('spam');
  const [note, setNote] = useState('');
  const send = useIntent(
    `inquiry/${inquiry.id}/report`,
    (body: { reason: InquiryReportReason; note: string }, key: string) =>
      call('post', '/inquiries/{inquiry}/report', { path: { inquiry: inquiry.id }, body, key }),
    {
      onSuccess: () => {
        onDone();
        onClose();
      },
    },
  );
  return (
    <Ask
      title={t('inquiry.report')}
      onClose={onClose}
      send={send}
      onSubmit={() => send.mutate({ reason, note })}
    >
      <p className="dim tight">{t('inquiry.reportLead')}</p>
      <NativeSelect
        label={t('inquiry.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value as InquiryReportReason)}
        data={REPORT.map((value) => ({ value, label: t(`inquiry.report.${value}`) }))}
      />
      <Textarea
        label={t('inquiry.note')}
        autosize
        minRows={2}
        maxLength={4000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Ask>
  );
}

function BlockDialog({ company, onClose, onDone }: Omit<Props, 'inquiry'> & { company: string }) {
  const { t } = useTranslation();
  const send = useIntent(
    `block/${company}`,
    (_: null, key: string) => call('post', '/companies/{id}/block', { path: { id: company }, key }),
    {
      onSuccess: () => {
        onDone();
        onClose();
      },
    },
  );
  return (
    <Ask title={t('inquiry.block')} onClose={onClose} send={send} onSubmit={() => send.mutate(null)}>
      <p className="tight">{t('inquiry.blockLead')}</p>
    </Ask>
  );
}

function Ask({
  title,
  onClose,
  onSubmit,
  send,
  children,
}: {
  title: string;
  onClose: () => void;
  onSubmit: () => void;
  send: { error: unknown; isPending: boolean; unconfirmed: boolean };
  children: React.ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <Unconfirmed shown={send.unconfirmed} />
        <ProblemAlert fault={send.error} />
        <div className="row end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={send.isPending} data-testid="confirm">
            {title}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

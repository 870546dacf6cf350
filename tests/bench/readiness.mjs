// readiness.yaml in XState: roles and forms are guards.
import { assign, createMachine } from 'xstate';

// Who may send an event, and what it must bring.
const by = (...roles) => ({ event }) => roles.includes(event.by);
const isScore = (value) => Number.isInteger(value) && value >= 0 && value <= 100;
const isReason = (value) => typeof value === 'string' && value.length > 0;

const day = 24 * 60 * 60 * 1000;

export const machine = createMachine({
    id: 'export-readiness',
    context: { score: 0, attempts: 0, freezes: 0 },
    initial: 'readiness',
    states: {
        readiness: {
            initial: 'assessment',
            on: {
                freeze: {
                    guard: by('manager'),
                    target: 'frozen',
                    actions: assign({ freezes: ({ context }) => context.freezes + 1 }),
                },
            },
            states: {
                assessment: {
                    after: {
                        [11 * day]: { actions: () => {} },
                        [13 * day]: { actions: () => {} },
                        [14 * day]: 'overdue',
                    },
                    on: {
                        answer: {
                            guard: ({ event }) => event.by === 'sme' && isScore(event.score),
                            actions: assign({
                                score: ({ event }) => event.score,
                                attempts: ({ context }) => context.attempts + 1,
                            }),
                        },
                        submit: {
                            guard: ({ context, event }) =>
                                event.by === 'sme' && context.score >= 60,
                            target: 'review',
                        },
                    },
                },
                review: {
                    on: {
                        approve: {
                            guard: by('mentor', 'manager'),
                            target: '#export-readiness.tracks',
                        },
                        return: {
                            guard: ({ event }) => event.by === 'mentor' && isReason(event.reason),
                            target: 'assessment',
                        },
                    },
                },
                overdue: { on: { extend: { guard: by('manager'), target: 'assessment' } } },
                back: { type: 'history', history: 'deep', target: 'assessment' },
            },
        },
        frozen: {
            on: { resume: { guard: by('manager'), target: '#export-readiness.readiness.back' } },
        },
        tracks: {
            type: 'parallel',
            states: {
                compliance: {
                    initial: 'open',
                    states: {
                        open: {
                            on: { 'compliance.done': { guard: by('sme', 'mentor'), target: 'done' } },
                        },
                        done: { type: 'final' },
                    },
                },
                marketing: {
                    initial: 'open',
                    states: {
                        open: {
                            on: { 'marketing.done': { guard: by('sme', 'mentor'), target: 'done' } },
                        },
                        done: { type: 'final' },
                    },
                },
            },
            onDone: 'graduated',
        },
        graduated: { on: { again: { guard: by('manager'), target: 'readiness' } } },
    },
});

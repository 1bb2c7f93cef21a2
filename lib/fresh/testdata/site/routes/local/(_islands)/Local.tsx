export default function Local({ when }: { when: Date }) {
  return <time>{when.toISOString()}</time>;
}

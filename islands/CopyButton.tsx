export { CopyButton as default } from "../lib/pages/components/CopyButton.tsx";

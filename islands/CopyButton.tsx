export { CopyButton as default } from "../lib/ui/CopyButton.tsx";

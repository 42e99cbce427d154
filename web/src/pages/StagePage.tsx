export default function StagePage() { return null; }

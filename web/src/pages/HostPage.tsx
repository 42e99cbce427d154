export default function HostPage() { return null; }

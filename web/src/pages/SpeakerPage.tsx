export default function SpeakerPage() { return null; }

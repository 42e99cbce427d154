export default function AttendeePage() { return null; }

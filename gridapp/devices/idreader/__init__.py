"""ID-card readers on a serial line (身份证读卡器), GA 450: frames, what a card says, and the loop that waits for cards."""

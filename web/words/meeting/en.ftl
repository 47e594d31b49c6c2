### The words of the meeting and of the pictures.

"""What people look at: pictures, the notebook app, the terminal, printable documents."""

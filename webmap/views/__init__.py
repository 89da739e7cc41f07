"""One blueprint a topic; a view reads its parameters, calls one service and answers."""

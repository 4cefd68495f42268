"""The inside of a card that holds what belongs together."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout


class CardColumn(QVBoxLayout):
    """Makes a card of ``card``, with a heading and, where there is one, a hint above what is added."""

    def __init__(self, card: QFrame, title: str, hint: str = "") -> None:
        super().__init__(card)
        card.setProperty("role", "card")
        self.setContentsMargins(16, 12, 16, 16)
        self.setSpacing(10)
        heading = QLabel(title, card)
        heading.setProperty("role", "heading")
        self.addWidget(heading)
        if hint:
            said = QLabel(hint, card)
            said.setProperty("role", "muted")
            said.setWordWrap(True)
            self.addWidget(said)

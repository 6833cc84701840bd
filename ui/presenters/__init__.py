"""Qt-free state and intents, one module per screen."""

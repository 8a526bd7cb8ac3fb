"""The pages of Tilslutning: of those who answer, of suppliers, and of everybody whom data are about."""

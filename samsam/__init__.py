"""The project: settings, urls, processes and the pages that show several apps."""

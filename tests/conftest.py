pytest_plugins = ["tests.cast", "tests.matrix_things"]

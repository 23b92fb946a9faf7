"""Turn text into a prediction with NumPy alone: model, kernel, explanation, model file."""

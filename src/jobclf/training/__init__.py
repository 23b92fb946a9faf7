"""Turn labelled postings into a model: data set, features, logistic regression, calibration."""

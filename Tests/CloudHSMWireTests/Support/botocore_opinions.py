"""What botocore makes of requests, answers and signatures: a second opinion on every byte."""

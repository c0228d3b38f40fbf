"""What is done to reports and templates; each verb in one transaction with its row in the trail."""

"""The rules that watch over readings, run on Spark Structured Streaming."""
